package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Data;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The keys of one turn in an etcd: a namespace, and a client to it that all callers share. */
final class EtcdKeys implements AutoCloseable {
    /** A transaction there may have 128 puts. */
    private static final int BATCH = 100;

    /** Held, since its level would be forgotten with it. It would tell everybody what it finds on the class path. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        GRPC.setLevel(Level.WARNING);
    }

    private final String uri;
    private final Client client;
    private final KV kv;

    EtcdKeys(String uri) {
        this.uri = uri;
        this.client = connect(uri);
        this.kv = client.getKVClient();
    }

    /** Connects to the namespace that is the path of the URI. */
    static Client connect(String uri) {
        return Client.builder()
                .endpoints(uri)
                .namespace(bytes(URI.create(uri).getPath()))
                .build();
    }

    /** Where another client finds them. */
    String uri() {
        return uri;
    }

    void fill() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<CompletableFuture<?>> commits = new ArrayList<>();
        for (int first = 0; first < Data.KEYS; first += BATCH) {
            Op[] puts = new Op[BATCH];
            for (int i = 0; i < BATCH; i++) {
                ByteSequence value = ByteSequence.from(Data.value(random));
                puts[i] = Op.put(bytes(Data.key(first + i)), value, PutOption.DEFAULT);
            }
            commits.add(kv.txn().Then(puts).commit());
        }
        await(CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new)));
    }

    void put(SplittableRandom random) throws Exception {
        put(Data.key(random), Data.value(random));
    }

    void put(String key, byte[] value) throws Exception {
        await(kv.put(bytes(key), ByteSequence.from(value)));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static void await(CompletableFuture<?> answer) throws Exception {
        answer.get(Schema.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        client.close();
    }
}
