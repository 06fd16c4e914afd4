const words = (text: string): readonly string[] => text.split(' ');

/** Sections of `bd --help`: first words of commands, the most used first. */
export const BD_SECTIONS: Readonly<Record<string, readonly string[]>> = {
  'Everyday work': words(
    'ready create show list update close reopen comment comments note edit assign priority tag q delete',
  ),
  'Finding and counting': words(
    'search query blocked children stale count stats history diff types statuses',
  ),
  'Order and structure': words(
    'dep link label epic swarm graph duplicate supersede duplicates lint rename-prefix',
  ),
  'Waiting and taking turns': words('defer undefer gate merge-slot state set-state'),
  'Workflows (molecules)': words('formula cook mol promote'),
  Remembering: words('remember memories recall forget kv'),
  'Agents and mail': words('prime setup onboard agent slot mail'),
  'This place': words('init quickstart config where context info version help completion'),
  'Data and upkeep': words(
    'doctor export import backup restore dolt branch migrate sql batch purge compact sync',
  ),
};
