import { Arg, Ctx, Directive, Mutation, Query, Resolver } from "type-graphql";
import type { ErasedSubject, ErasureStep } from "../privacy/erased-subject.ts";
import type { RequestContext } from "./request-context.ts";
import { requires } from "./requires.ts";
import { Json } from "./scalars.ts";

/** A page of what a subgraph knows about somebody. */
export interface ExportPage {
  /** By section, what is known; sections of several pages are joined. */
  sections: Record<string, unknown[]>;
  next: string | null;
}

/** Of whom everything is asked for. */
export interface ExportSubject {
  personIds: string[];
  identifiers: { namespace: string; value: string }[];
}

export interface PrivacyDuties {
  /** Forgets for about a second; identity goes on asking until it is done. */
  erase(subject: ErasedSubject, next: string | null): Promise<ErasureStep>;
  /** A page of everything known. */
  export(subject: ExportSubject, next: string | null): Promise<ExportPage>;
}

/**
 * What identity asks each other subgraph about erasures and exports; not part of the public schema.
 * `place` is the subgraph's name with a capital.
 */
export function privacyResolver(place: string, duties: PrivacyDuties): object {
  @Resolver()
  class PrivacyResolver {
    @Mutation(() => Json, {
      name: `eraseIn${place}`,
      description: "Forgets somebody, a step at a time. Between the platform's own parts.",
    })
    @Directive("@inaccessible")
    @requires("privacy:write")
    erase(
      @Arg("subject", () => Json, { description: "Whom: an `ErasedSubject`." }) subject: unknown,
      @Ctx() context: RequestContext,
      @Arg("next", () => String, { nullable: true, description: "`next` of the step before." })
      next?: string | null,
    ): Promise<ErasureStep> {
      context.authorise("privacy:write");
      return duties.erase(subject as ErasedSubject, next ?? null);
    }

    @Query(() => Json, {
      name: `exportFrom${place}`,
      description: "A page of what is known about somebody. Between the platform's own parts.",
    })
    @Directive("@inaccessible")
    @requires("privacy:write")
    export(
      @Arg("subject", () => Json, { description: "Whom: an `ExportSubject`." }) subject: unknown,
      @Ctx() context: RequestContext,
      @Arg("next", () => String, { nullable: true, description: "`next` of the page before." })
      next?: string | null,
    ): Promise<ExportPage> {
      context.authorise("privacy:write");
      return duties.export(subject as ExportSubject, next ?? null);
    }
  }
  return new PrivacyResolver();
}

/** How identity has destinations told before the identifiers go that they know somebody by. */
export function leavingResolver(leave: (subject: ErasedSubject) => Promise<ErasureStep>): object {
  @Resolver()
  class LeavingResolver {
    @Mutation(() => Json, {
      description: "Takes somebody out of all destinations. Between the platform's own parts.",
    })
    @Directive("@inaccessible")
    @requires("privacy:write")
    leaveDestinations(
      @Arg("subject", () => Json, { description: "Whom: an `ErasedSubject`." }) subject: unknown,
      @Ctx() context: RequestContext,
      @Arg("next", () => String, { nullable: true, description: "Not used." })
      _next?: string | null,
    ): Promise<ErasureStep> {
      context.authorise("privacy:write");
      return leave(subject as ErasedSubject);
    }
  }
  return new LeavingResolver();
}
