import { z } from 'zod';
import { optional } from './field.ts';
import { CalledName, Text } from './function-tools.ts';

/**
 * The `input` of `POST /v1/responses`: a text, or items. Clients send back what this server (or OpenAI, or a server
 * like it) once answered, re-serialised by their own types: with fields that we never wrote, and null for those that
 * were absent.
 *
 *  CON-2 What a server of this shape once wrote may be sent back: items and messages are loose. What they must have is
 *     checked, and everything else is let through.
 */

const NotSupported = (what: string) => `${what} not supported yet: send text`;

export const InputTextPart = z.looseObject({
  type: z.enum(['input_text', 'output_text', 'text']),
  text: Text,
});
export const RefusalPart = z.looseObject({ type: z.literal('refusal'), refusal: Text });

export const InputPart = z.discriminatedUnion('type', [InputTextPart, RefusalPart], {
  error: (issue) => NotSupported(partNoun(issue.input)),
});

function partNoun(part: unknown): string {
  const type = typeof part === 'object' && part !== null && 'type' in part ? part.type : undefined;
  return typeof type === 'string' ? `a part of type '${type}' is` : 'a part without a type is';
}

const Content = z.union([Text, z.array(InputPart)]);

export const InputMessage = z.looseObject({
  type: optional(z.literal('message')),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: Content,
});

export const FunctionCallItem = z.looseObject({
  type: z.literal('function_call'),
  call_id: z.string().min(1),
  name: CalledName,
  arguments: Text,
});

export const FunctionCallOutputItem = z.looseObject({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: Content,
});

export const CustomToolCallItem = z.looseObject({
  type: z.literal('custom_tool_call'),
  call_id: z.string().min(1),
  name: CalledName,
  input: Text,
});

export const CustomToolCallOutputItem = z.looseObject({
  type: z.literal('custom_tool_call_output'),
  call_id: z.string().min(1),
  output: Content,
});

const ReasoningText = z.looseObject({ type: z.string(), text: Text });

export const ReasoningItem = z.looseObject({
  type: z.literal('reasoning'),
  summary: optional(z.array(ReasoningText)),
  content: optional(z.array(ReasoningText)),
  encrypted_content: optional(z.string()),
});

export const ItemReference = z.looseObject({
  type: optional(z.literal('item_reference')),
  id: z.string().min(1).max(64),
});

const known: ReadonlySet<unknown> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
  'item_reference',
]);

/** Items of tools that ran elsewhere, such as `web_search_call`: part of the history, and nothing to answer. */
export const ForeignItem = z.looseObject({
  type: z
    .string()
    .max(64)
    .refine((type) => !known.has(type), {
      error: 'expected the fields of an item of this type',
      abort: true,
    }),
});

export const InputItem = z.union([
  InputMessage,
  FunctionCallItem,
  FunctionCallOutputItem,
  CustomToolCallItem,
  CustomToolCallOutputItem,
  ReasoningItem,
  ItemReference,
  ForeignItem,
]);
export type InputItem = z.infer<typeof InputItem>;
