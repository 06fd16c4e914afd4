/**
 * Views for people and other programs that look into the database; the ledger itself reads `is_blocked`.
 * @param now SQL expression of the current UTC time
 */
export function viewStatements(now: string): readonly string[] {
  return [readyView(now), blockedView];
}

function readyView(now: string): string {
  return `CREATE VIEW ready_issues AS
WITH RECURSIVE held (id, depth) AS (
  SELECT edge.issue_id, 0
  FROM dependencies edge JOIN issues target ON target.id = edge.depends_on_issue_id
  WHERE edge.type = 'blocks' AND target.status NOT IN ('closed', 'pinned')
  UNION
  SELECT edge.issue_id, held.depth + 1
  FROM held JOIN dependencies edge ON edge.depends_on_issue_id = held.id
  WHERE edge.type = 'parent-child' AND held.depth < 50
)
SELECT issue.* FROM issues issue
WHERE (issue.status = 'open' OR issue.status IN (SELECT name FROM custom_statuses WHERE category = 'active'))
  AND COALESCE(issue.ephemeral, 0) = 0
  AND issue.id NOT IN (SELECT id FROM held)
  AND (issue.defer_until IS NULL OR issue.defer_until <= ${now})
  AND NOT EXISTS (
    SELECT 1 FROM dependencies edge JOIN issues parent ON parent.id = edge.depends_on_issue_id
    WHERE edge.issue_id = issue.id AND edge.type = 'parent-child' AND parent.defer_until > ${now}
  )`;
}

const blockedView = `CREATE VIEW blocked_issues AS
WITH finished (name) AS (
  SELECT 'closed' UNION SELECT 'pinned'
  UNION SELECT name FROM custom_statuses WHERE category IN ('done', 'frozen')
), blocker_count (id, total) AS (
  SELECT edge.issue_id, COUNT(*)
  FROM dependencies edge JOIN issues target ON target.id = edge.depends_on_issue_id
  WHERE edge.type = 'blocks' AND target.status NOT IN (SELECT name FROM finished)
  GROUP BY edge.issue_id
)
SELECT issue.*, blocker_count.total AS blocked_by_count
FROM issues issue JOIN blocker_count ON blocker_count.id = issue.id
WHERE issue.status NOT IN (SELECT name FROM finished)`;
