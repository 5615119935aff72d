package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.Watch;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.WatchableStore;
import java.util.function.UnaryOperator;

/**
 * A store that breaks a rule.
 *
 * @param rule the rule, as test names cite it
 * @param what what is wrong with the store
 * @param rig the store
 */
record Broken(String rule, String what, Rig.Factory rig) {

    @Override
    public String toString() {
        return rule + ": " + what;
    }

    /** What breaks a typed store. */
    interface OnStore {
        <V> Store<V> over(Store<V> store);
    }

    /** What breaks the watches of a store. */
    interface OnWatch {
        <V> Watch<V> over(WatchableStore<V> store, WatchOptions options);
    }

    static Broken store(String rule, String what, OnStore broken) {
        return new Broken(rule, what, settings -> new Rig(settings) {
            @Override
            <V> Store<V> decorate(Store<V> store, Codec<V> codec, StoreOptions<V> options) {
                return broken.over(store);
            }
        });
    }

    /** A store that watches something other than it was asked for. */
    static Broken asking(String rule, String what, UnaryOperator<WatchOptions> wrong) {
        return watch(rule, what, new OnWatch() {
            @Override
            public <V> Watch<V> over(WatchableStore<V> store, WatchOptions options) {
                return store.watch(wrong.apply(options));
            }
        });
    }

    static Broken watch(String rule, String what, OnWatch broken) {
        return new Broken(rule, what, settings -> new Rig(settings) {
            @Override
            <V> Store<V> decorate(Store<V> store, Codec<V> codec, StoreOptions<V> options) {
                return new ForwardingStore<>(store) {
                    @Override
                    public Watch<V> watch(WatchOptions wanted) {
                        return broken.over(store, wanted);
                    }
                };
            }
        });
    }
}
