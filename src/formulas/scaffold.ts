/** The text of a new formula to be filled in; type task (one step), workflow or patrol. */
export function formulaTemplate(name: string, type: string | undefined): string {
  if (type === 'workflow') {
    return (
      head(name, 'issue') +
      step('plan', 'Plan {{issue}}') +
      step('do', 'Do it', 'plan') +
      step('check', 'Check it', 'do')
    );
  }
  if (type !== 'patrol') return head(name, 'issue') + step('do', 'Do {{issue}}');
  return (
    head(name) +
    PATROL +
    step('look', 'Look') +
    step('act', 'Act on what was found', 'look') +
    step('loop-or-exit', 'Wait, begin again', 'act')
  );
}

const PATROL =
  '\n[vars.wisp_type]\ndescription = "How long the record of a round is kept"\ndefault = "patrol"\n';

function head(name: string, variable?: string): string {
  const vars =
    variable === undefined ? '' : `\n[vars.${variable}]\ndescription = "What it is about"\nrequired = true\n`;
  return `formula = "${name}"\ndescription = "Say in one sentence what this is for."\ntype = "workflow"\nversion = 1\n${vars}`;
}

function step(id: string, title: string, needs?: string): string {
  const after = needs === undefined ? '' : `needs = ["${needs}"]\n`;
  return `\n[[steps]]\nid = "${id}"\ntitle = "${title}"\n${after}description = """\nWhat to do, with the commands. How to see that it is done.\n"""\n`;
}
