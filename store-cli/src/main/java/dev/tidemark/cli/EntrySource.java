package dev.tidemark.cli;

import org.jspecify.annotations.Nullable;

/** The entries of a file, read as they are asked for. */
interface EntrySource {
    /**
     * Returns the next entry, or null at the end.
     *
     * @throws InputException if what comes next is no entry; the message starts with its line
     */
    @Nullable
    ImportedEntry next();
}
