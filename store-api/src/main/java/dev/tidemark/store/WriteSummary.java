package dev.tidemark.store;

/**
 * What an atomic write of many keys did.
 *
 * @param revision the revision of its last change; when it changed nothing, a revision that the store stood at
 * @param created how many keys were absent and have a value now
 * @param updated how many keys had another value
 * @param unchanged how many keys had the same value already
 * @param deleted how many keys had a value and have none now
 * @since 0.1
 */
public record WriteSummary(long revision, int created, int updated, int unchanged, int deleted) {}
