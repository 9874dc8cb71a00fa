/** Steps of a trace: each names its rule, its outcome and one sentence with the values that were looked at. */
import type { TraceStep } from '../contract/transaction.ts';
import { type RuleId, ruleBook } from './rule-book.ts';

export interface Step extends TraceStep {
  readonly rule: RuleId;
}

/** Whether the service's own words leave the rule open, so that it is our assumption. */
function isAssumed(rule: RuleId): boolean {
  return ruleBook[rule].basis === 'assumed';
}

export function pass(rule: RuleId, text: string): Step {
  return { rule, outcome: 'pass', text, assumed: isAssumed(rule) };
}

export function fail(rule: RuleId, text: string): Step {
  return { rule, outcome: 'fail', text, assumed: isAssumed(rule) };
}

export function note(rule: RuleId, text: string): Step {
  return { rule, outcome: 'note', text, assumed: isAssumed(rule) };
}

/** Marks a step as our assumption where only this part of a documented rule is one. */
export function assumed(step: Step): Step {
  return { ...step, assumed: true };
}

/** The same where it depends on the values whether a step rests on that part. */
export function assumedIf(condition: boolean, step: Step): Step {
  return condition ? assumed(step) : step;
}
