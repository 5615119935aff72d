package dev.tidemark.event.spi;

import java.util.UUID;

/**
 * A step of a named subscription: from one position to a later one. It is valid only as long as its owner holds the subscription and
 * the checkpoint is where the step starts; so of two processes that handle the same event, only one gets its step in.
 *
 * @param subscription the name
 * @param owner who holds it
 * @param from where the checkpoint has to be
 * @param to where it is from now on
 * @since 0.1
 */
public record Checkpoint(String subscription, UUID owner, long from, long to) {}
