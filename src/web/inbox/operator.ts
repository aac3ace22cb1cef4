import type { Form } from '../read-form';

/** Somebody who may use the inbox. What they do is recorded with their name. */
export interface Operator {
  /** 1 to 255 characters, such as an e-mail address */
  name: string;
}

/** What a request to the inbox carries once it is known who sent it. */
export interface InboxEnv {
  Variables: { operator: Operator; form: Form };
}
