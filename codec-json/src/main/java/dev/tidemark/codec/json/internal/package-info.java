/**
 * What the codecs on Jackson share; not for applications. {@link dev.tidemark.codec.json.internal.Mappers} makes a mapper
 * strict and its output canonical, {@link dev.tidemark.codec.json.internal.JacksonCodec} encodes and decodes with it.
 */
@NullMarked
package dev.tidemark.codec.json.internal;

import org.jspecify.annotations.NullMarked;
