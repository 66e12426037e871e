/** The source text of the deployed functions' entry; `root` is the folder with node_modules. */
export function writeEntry(source: string, root: string): Promise<string>;
