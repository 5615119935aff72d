package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a file.
 *
 * @param line where it starts, from 1
 * @param kind the kind that it names, or null
 * @param key its key
 * @param value its value
 */
record ImportedEntry(long line, @Nullable String kind, String key, JsonNode value) {}
