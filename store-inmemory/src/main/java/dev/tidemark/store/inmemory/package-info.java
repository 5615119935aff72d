/**
 * A backend in memory, for tests, caches and as the model of the others.
 *
 * <p>Reads take no lock. A write of a namespace builds new versions of the entries it touches next to the present ones and then
 * moves one number, the committed revision, past them; that makes it visible as a whole. A snapshot is such a number, held on
 * to: old versions stay for exactly as long as some snapshot can still see them.
 */
@NullMarked
package dev.tidemark.store.inmemory;

import org.jspecify.annotations.NullMarked;
