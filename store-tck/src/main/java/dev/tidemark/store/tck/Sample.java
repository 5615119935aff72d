package dev.tidemark.store.tck;

/**
 * The value that the suite writes.
 *
 * @param name any text that UTF-8 can hold
 * @param number any number
 * @since 0.1
 */
public record Sample(String name, int number) {}
