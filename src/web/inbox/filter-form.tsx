import type { Child } from 'hono/jsx';
import { withoutControls } from '../../contract/rules/printable';
import { inboxTexts } from '../texts/current';
import { QUESTIONS, isFiltered } from './filter';
import type { Filter } from './filter';

/** The filter of the list; it stands in the address, so that it can be kept and sent. */
export function FilterForm({
  filter,
  integrations,
  root,
}: {
  filter: Filter;
  integrations: string[];
  root: string;
}): Child {
  const { list, questions } = inboxTexts();
  const choices = [...new Set([...integrations, filter.integration ?? ''])].filter((key) => key !== '').sort();
  return (
    <form class="filter" method="get" action={root} role="search" aria-label={list.filter}>
      <div class="fields-row">
        <Field name="q" label={list.search} value={filter.q} />
        <button>{list.apply}</button>
        {isFiltered(filter) && <a href={root}>{list.clear}</a>}
      </div>
      <details open={[filter.integration, filter.owner, filter.question].some((given) => given !== undefined)}>
        <summary>{list.more}</summary>
        <div class="fields-row">
          <Select
            name="integration"
            label={list.integration}
            chosen={filter.integration}
            options={choices.map((key) => [key, key])}
          />
          <Field name="owner" label={list.owner} value={filter.owner} />
          <Select
            name="question"
            label={list.question}
            chosen={filter.question}
            options={QUESTIONS.map((kind) => [kind, questions[kind]])}
          />
        </div>
      </details>
      {filter.status !== undefined && <input type="hidden" name="status" value={filter.status} />}
    </form>
  );
}

function Field({ name, label, value }: { name: string; label: string; value?: string }): Child {
  return (
    <label>
      <span>{label}</span>
      <input name={name} value={value} type="search" />
    </label>
  );
}

interface SelectProps {
  name: string;
  label: string;
  chosen?: string;
  options: (readonly [value: string, label: string])[];
}

function Select({ name, label, chosen, options }: SelectProps): Child {
  const { list } = inboxTexts();
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">{list.any}</option>
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {withoutControls(text)}
          </option>
        ))}
      </select>
    </label>
  );
}
