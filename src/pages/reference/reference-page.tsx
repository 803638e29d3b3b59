import { raw } from "hono/html";
import { asset } from "../generated/assets.ts";
import type { Answer, Field, Group, Operation, Reference } from "./read-document.ts";

/** Only this page's: a table of fields must scroll by itself on a phone, and methods are told apart by more than colour. */
const styles = `
.ref nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none}
.ref nav a{display:inline-block;padding:.6rem 0}
.ref .resource{display:grid;gap:.75rem;padding-block:1rem;border-top:1px solid var(--line)}
.ref details{border:1px solid var(--line);border-radius:var(--radius);background:var(--card)}
.ref summary{padding:.8rem 1rem;cursor:pointer}
.ref summary code{font-weight:700}
.ref .inside{padding:0 1rem 1rem;display:grid;gap:.75rem}
.ref .inside>*{min-width:0}
.ref .scroll{overflow-x:auto}
.ref table{border-collapse:collapse;width:100%;min-width:38rem;font-size:.92rem;overflow-wrap:normal}
.ref th,.ref td{text-align:start;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
.ref td:first-child{white-space:nowrap;overflow-wrap:normal}
.ref h3{font-size:1rem}
.ref pre{overflow-x:auto;padding:.8rem;background:var(--brand-wash);border-radius:var(--radius);overflow-wrap:normal}`;

/** The API reference: one page, everything in it, no script. In English, as the API is. */
export function ReferencePage({
  reference,
  nonce,
}: {
  readonly reference: Reference;
  readonly nonce: string;
}) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Ofrenda API reference</title>
          <link rel="stylesheet" href={asset("styles.css").path} />
          <link rel="icon" href={asset("icon.svg").path} type="image/svg+xml" />
          <style nonce={nonce}>{raw(styles)}</style>
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to the reference
          </a>
          <div class="page wide ref">
            <main id="main" tabindex={-1}>
              <h1>API reference</h1>
              <Text text={reference.about} />
              <pre>
                <code>{`curl ${reference.server}/v1/funds -H "Authorization: Bearer ofr_test_…"`}</code>
              </pre>
              <p>
                For tools: <a href="/openapi.json">the OpenAPI 3.1 document</a>. An asterisk marks what is
                required.
              </p>
              <nav aria-label="Resources">
                <ul>
                  {reference.groups.map(({ tag }) => (
                    <li>
                      <a href={`#${tag}`}>{tag.replaceAll("-", " ")}</a>
                    </li>
                  ))}
                </ul>
              </nav>
              {reference.groups.map((group) => (
                <Resource group={group} />
              ))}
            </main>
          </div>
        </body>
      </html>
    </>
  );
}

/** Plain text in which `code` is marked by backticks. */
function Text({ text }: { readonly text: string }) {
  return <p>{text.split("`").map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))}</p>;
}

function Resource({ group }: { readonly group: Group }) {
  return (
    <section id={group.tag} class="resource">
      <h2>{group.tag.replaceAll("-", " ")}</h2>
      {group.operations.map((operation) => (
        <OperationDetails operation={operation} />
      ))}
    </section>
  );
}

function OperationDetails({ operation }: { readonly operation: Operation }) {
  const { id, method, path, summary, keyNeeded, parameters, body, answers } = operation;
  return (
    <details id={id}>
      <summary>
        <code>
          {method} {path}
        </code>{" "}
        {summary}
      </summary>
      <div class="inside">
        {keyNeeded ? null : <p>Needs no key.</p>}
        <Fields title="Parameters" fields={parameters} />
        <Fields title="Body" fields={body} />
        {answers.map((answer) => (
          <AnswerFields answer={answer} />
        ))}
      </div>
    </details>
  );
}

function AnswerFields({ answer }: { readonly answer: Answer }) {
  const title = `${answer.status}: ${answer.description}`;
  return answer.fields.length === 0 ? <h3>{title}</h3> : <Fields title={title} fields={answer.fields} />;
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <section class="scroll" aria-label={title} tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">About</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr>
                <td>
                  <code>{field.name}</code>
                  {field.required ? " *" : ""}
                </td>
                <td>{field.type}</td>
                <td>{field.about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
