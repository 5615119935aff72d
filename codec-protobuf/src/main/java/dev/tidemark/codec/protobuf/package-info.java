/**
 * Messages of Protocol Buffers as values. {@link dev.tidemark.codec.protobuf.ProtobufCodec} takes generated and dynamic
 * messages, and makes equal ones equal bytes.
 */
@NullMarked
package dev.tidemark.codec.protobuf;

import org.jspecify.annotations.NullMarked;
