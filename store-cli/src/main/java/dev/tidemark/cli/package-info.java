/**
 * The {@code tidemark} command: a store from the command line.
 *
 * <p>{@link dev.tidemark.cli.Main} builds the command line and is the one place where failures become a line on standard error
 * and an exit code. Each command is a class; it opens a {@code Session}, does one thing, and prints lines of JSON.
 */
@NullMarked
package dev.tidemark.cli;

import org.jspecify.annotations.NullMarked;
