package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes one number after the other under one key until it is told to stop, whatever happens to the server meanwhile. */
final class DemoWriter implements AutoCloseable {
    static final String KIND = "numbers";
    static final String KEY = "newest";

    private final Store<JsonNode> store;
    private final CompletableFuture<Void> run;
    private volatile boolean stopped;
    private volatile int newest;
    private final List<Integer> written = new ArrayList<>();
    private final Map<Integer, String> failed = new LinkedHashMap<>();

    DemoWriter(Store<JsonNode> store) {
        this.store = store;
        this.run = CompletableFuture.runAsync(this::write);
    }

    private void write() {
        for (int number = 1; !stopped; number++) {
            try {
                store.set(KIND, KEY, IntNode.valueOf(number));
                written.add(number);
                newest = number;
            } catch (StoreException failure) {
                failed.put(number, String.valueOf(failure.getMessage()));
            }
        }
    }

    /** The newest number that is written. */
    int newest() {
        return newest;
    }

    /** Stops to write; what was written and what failed is known then. */
    void stop() {
        stopped = true;
        try {
            run.get(DemoWatcher.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new DemoException("it was interrupted");
        } catch (ExecutionException | TimeoutException failure) {
            throw new DemoException("the writer does not end: " + failure);
        }
    }

    /** The numbers whose writes returned. */
    List<Integer> written() {
        return written;
    }

    /** The numbers whose writes did not, and what these said. */
    Map<Integer, String> failed() {
        return failed;
    }

    @Override
    public void close() {
        stopped = true;
    }
}
