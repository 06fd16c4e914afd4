/** How hard a model thinks; `high` where nobody says otherwise. */
export const EFFORTS = ['low', 'medium', 'high', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];
