import { civilDateText } from "../../kernel/format.ts";

/** The dates to come, each on a line of its own under its heading. */
export function NextDates(props: {
  readonly heading: string;
  /** Civil dates, soonest first. */
  readonly dates: readonly string[];
  readonly locale: string;
}) {
  return (
    <div class="field">
      <p class="soft">{props.heading}</p>
      <ol class="dates">
        {props.dates.map((date) => (
          <li>
            <time datetime={date}>{civilDateText(date, props.locale)}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}
