import { asId, type ResponseId } from '../../core/identifier.ts';

/**
 * The id of an item: `msg_…`, from `resp_…`, with the item's place in two digits of base 36.
 *
 *  CON-5 An item's id is made of its response's and its place, so that a later `item_reference` finds it by one read.
 */
export const itemId = (prefix: string, responseId: string, place: number): string =>
  `${prefix}_${responseId.replace(/^resp_/, '')}${place.toString(36).padStart(2, '0')}`;

/** The response in which an item of this id was written, if we wrote it. */
export const responseOfItem = (id: string): ResponseId | null => {
  const match = /^[a-z]+_([0-9a-f]{24})[0-9a-z]{2}$/.exec(id);
  return match === null ? null : asId(`resp_${match[1]}`);
};
