/** Asks the gateway; throws with its words when it refuses. */
export class GraphqlClient {
  private readonly url: string;
  private readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.post<T>({ query, variables }).catch(() => {
      throw new Error(`Selfsame does not answer at ${this.url}. Is it running? (npm start)`);
    });
    if (answer.errors?.[0]) throw new Error(answer.errors[0].message);
    return answer.data as T;
  }

  private async post<T>(body: object): Promise<{ data?: T; errors?: { message: string }[] }> {
    const response = await fetch(new URL("/graphql", this.url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.key}` },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { data?: T; errors?: { message: string }[] };
  }
}
