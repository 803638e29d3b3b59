/** The drawing with a name for those who do not see it, and attributes of its own. */
export function named(svg: string, label: string, attributes: string): string {
  const name = label.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return svg.replace("<svg ", `<svg role="img" aria-label="${name}" ${attributes} `);
}
