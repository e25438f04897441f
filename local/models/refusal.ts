/** A request that the model server answers with an error, in OpenAI's envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  body(): unknown {
    const type = this.status < 500 ? 'invalid_request_error' : 'api_error';
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}
