package dev.tidemark.event.spi;

import dev.tidemark.store.Transaction;
import java.util.function.Function;

/**
 * Makes typed transactions of an engine.
 *
 * @since 0.1
 */
public final class Transactions {
    private Transactions() {}

    /** Does what {@link dev.tidemark.store.Backend#transact} promises. */
    public static <T> T run(TransactionEngine engine, Function<? super Transaction, T> work) {
        return engine.transact(transaction -> {
            TypedTransaction typed = new TypedTransaction(engine, transaction);
            try {
                T result = work.apply(typed);
                typed.flush();
                return result;
            } finally {
                typed.end();
            }
        });
    }
}
