export { JsonObject as jsonObject, JsonValue as jsonValue } from '../../contract/json.ts';
