/**
 * Values as JSON. {@link dev.tidemark.codec.json.JsonCodec} puts Jackson to work under the rules of a store: equal values
 * become equal bytes, what is written can be read again, and no failure repeats a value.
 */
@NullMarked
package dev.tidemark.codec.json;

import org.jspecify.annotations.NullMarked;
