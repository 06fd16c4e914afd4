/**
 * The town's own tmux settings: only what gt relies on, and comfort that a stock tmux user expects to find. The
 * user's ~/.tmux.conf is never read: its key bindings, hooks and options are the user's own (P19).
 */
export const TMUX_CONFIG = `# Made by gt for this town's tmux server; rewritten at every start of the server.
# A finished pane stays so that its last screen can be read. Must be on before the first command runs.
set -wg remain-on-exit on
# The environment of whoever attaches must not reach the agents.
set -g update-environment ""
set -g default-terminal "screen-256color"
set -s escape-time 20
set -s focus-events off
set -g history-limit 5000
set -g mouse on
set -wg allow-rename off
set -wg automatic-rename off
set -wg window-size latest
set -g status-left-length 60
set -g status-right-length 60
set -g status-right "%H:%M "
set -g status-interval 30
set -g status-style "bg=default,fg=default"
set -g set-titles on
set -g set-titles-string "#{session_name}"
`;
