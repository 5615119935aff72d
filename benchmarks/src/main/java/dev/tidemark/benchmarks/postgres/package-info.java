/**
 * The rows about PostgreSQL, and the server they need: an embedded one with everything on that makes commits durable, or the one that
 * the environment variable POSTGRES_CONN names. Every contender gets a schema of its own in every round. Where an etcd is installed, it
 * is a rival in some rows.
 */
@NullMarked
package dev.tidemark.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
