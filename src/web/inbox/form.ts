import type { MiddlewareHandler } from 'hono';
import { NO_FORM_STATUS, readForm } from '../read-form';
import type { Form } from '../read-form';
import { errorPage } from './errors';

/** Forms are small. */
const MAX_FORM_BYTES = 16 * 1_024;

/** What a request that has sent a form carries. */
export interface FormEnv {
  Variables: { form: Form };
}

/** Reads what is posted. It stands behind whatever can refuse a request unread. */
export const withForm: MiddlewareHandler<FormEnv> = async (c, next) => {
  if (c.req.method === 'POST') {
    const form = await readForm(c, MAX_FORM_BYTES);
    if (form === 'aborted') return c.body(null, NO_FORM_STATUS.aborted);
    if (typeof form === 'string') return errorPage(c, form === 'notAForm' ? 'badForm' : form, NO_FORM_STATUS[form]);
    c.set('form', form);
  }
  await next();
};
