/**
 * How values become bytes. A {@link dev.tidemark.codec.Codec} is all a durable store needs to know about a type; the codec
 * modules (JSON, YAML, Protobuf) are three implementations, and any other is a class with two methods.
 */
@NullMarked
package dev.tidemark.codec;

import org.jspecify.annotations.NullMarked;
