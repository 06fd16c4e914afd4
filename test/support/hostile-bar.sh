# A status bar whose text tries to be more than text, escaped as gt does it.
shift
printf '%s' "$1 ##{pid} ##(touch hacked) %H |"
