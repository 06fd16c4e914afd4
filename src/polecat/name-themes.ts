/** Names that new polecats take, by theme, in the order they are given out. Every name fits `parseWorkerName`. */
export const NAME_THEMES: Readonly<Record<string, readonly string[]>> = {
  'mad-max': words(`
    furiosa nux slit rictus dementus capable toast dag cheedo valkyrie
    keeper ace morsov coma doof splendid giddy praetorian max goose
    toecutter johnny bubba humungus papagallo wez feral gyro curmudgeon zetta
    auntie blaster master ironbar savannah scrooloose jedediah pigkiller tonton gekko
    immortan corpus organic scrotus hope glory chum griffa stank jack
  `),
  minerals: words(`
    obsidian quartz jasper onyx opal topaz garnet beryl agate zircon
    amber jade pyrite galena malachite azurite fluorite calcite gypsum mica
    feldspar olivine basalt granite marble slate flint chert hematite magnetite
    cinnabar cobalt cuprite dolomite emerald epidote kyanite lapis larimar lazurite
    peridot realgar rutile selenite sodalite spinel sphene sunstone talc tourmaline
  `),
  wasteland: words(`
    rust ember cinder ash dust gravel scrap bolt rivet piston
    gasket diesel octane turbine axle clutch chrome solder welder tinker
    nomad drifter scout ranger raider courier prospector scavenger tracker warden
    mirage mesa gulch canyon arroyo badland saltflat sandstorm tumbleweed cactus
    coyote vulture jackal scorpion viper rattler beacon outpost bunker caravan
  `),
};

export const DEFAULT_THEME = 'mad-max';

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
