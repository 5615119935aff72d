/**
 * Values as YAML, for those that people read and edit. {@link dev.tidemark.codec.yaml.YamlCodec} keeps the promises of the
 * JSON codec, with which it shares its inside, and leaves out what makes YAML dangerous.
 */
@NullMarked
package dev.tidemark.codec.yaml;

import org.jspecify.annotations.NullMarked;
