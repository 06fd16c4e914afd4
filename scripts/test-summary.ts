import { readFileSync } from 'node:fs';

/** Prints `N passed, N failed, N skipped` from vitest's JSON report and exits as the run did. */
const [reportFile = '', status = '1'] = process.argv.slice(2);

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

const report = readReport(reportFile);
if (report === undefined) {
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exit(1);
}
const skipped = report.numPendingTests + report.numTodoTests;
// A suite that cannot even load fails the run without a failed test: say so in the count too.
const failed = report.numFailedTests === 0 && status !== '0' ? 1 : report.numFailedTests;
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed > 0 ? 1 : Number(status));
