package dev.tidemark.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Bench.Rival;
import dev.tidemark.benchmarks.harness.Data;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Profile;
import dev.tidemark.benchmarks.harness.Round;
import dev.tidemark.benchmarks.report.Machine;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdTest {
    private static final GetOption ALL =
            GetOption.builder().isPrefix(true).withCountOnly(true).build();

    private static final Round ROUND = new Round(0, Profile.SMOKE);

    @TempDir
    Path directory;

    private List<Rival> rivals(Etcd etcd) {
        Server server = Server.in(directory);
        return Stream.concat(Writing.benches(server, etcd).stream(), Latency.benches(server, etcd).stream())
                .map(Bench::rivals)
                .flatMap(List::stream)
                .toList();
    }

    private String reported(Etcd etcd) throws IOException {
        return Machine.describe(directory, Map.of(), Map.of(), etcd.settings())
                .facts()
                .get("etcd");
    }

    private void writeProgram(String text) throws IOException {
        Path program = Files.writeString(directory.resolve("etcd"), text);
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private Etcd installed() {
        Etcd etcd = Etcd.in(directory, System.getenv("PATH"));
        assumeTrue(etcd.isThere(), "there is no etcd on the PATH");
        return etcd;
    }

    private static String page(String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static long syncs(EtcdKeys keys) throws Exception {
        String name = "etcd_disk_wal_fsync_duration_seconds_count ";
        return page(URI.create(keys.uri()).resolve("/metrics").toString())
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length())))
                .sum();
    }

    @Test
    void withoutTheProgramThereAreNoRowsAndTheReportSaysSo() throws Exception {
        Files.createDirectory(directory.resolve("etcd"));
        Etcd etcd = Etcd.in(directory, File.pathSeparator + directory);

        assertThat(rivals(etcd)).extracting(Rival::name).hasSize(8).noneMatch(name -> name.contains("etcd"));
        assertThat(reported(etcd)).isEqualTo("on the PATH = no, so its rows are left out");
    }

    @Test
    void whereTheProgramIsItHasRowsWithoutGoals() throws Exception {
        writeProgram("never started");
        Etcd etcd = Etcd.in(directory, "no such directory" + File.pathSeparator + directory);

        assertThat(rivals(etcd))
                .filteredOn(rival -> rival.name().contains("etcd"))
                .hasSize(3)
                .allSatisfy(rival -> assertThat(rival.goals()).hasOnlyElementsOfType(Goal.None.class));
        assertThat(reported(etcd)).isEqualTo("not used");
    }

    @Test
    void aProgramThatEndsFailsAtOnce() throws Exception {
        writeProgram("#!/bin/sh\nexit 3\n");

        try (Etcd etcd = Etcd.in(directory, directory.toString())) {
            assertThatThrownBy(() -> etcd.newKeys(ROUND))
                    .isInstanceOf(IOException.class)
                    .hasMessage("etcd ended with 3");
        }
    }

    @Test
    void everyPutIsSynced() throws Exception {
        try (Etcd etcd = installed();
                EtcdKeys keys = etcd.newKeys(ROUND)) {
            long before = syncs(keys);
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 100; i++) {
                keys.put(Data.key(random), Data.value(random));
            }

            assertThat(syncs(keys) - before).isGreaterThanOrEqualTo(100);
            assertThat(reported(etcd)).contains("version = 3.", "unsafe-no-fsync = false");
        }
    }

    @Test
    void everyTurnFindsTheUsualKeysAndTheRunLeavesNoProcess() throws Exception {
        String uri;
        try (Etcd etcd = installed();
                EtcdKeys before = etcd.newKeys(ROUND)) {
            before.put("one more", new byte[0]);
            try (EtcdKeys keys = etcd.newKeys(ROUND)) {
                uri = keys.uri();
                assertThat(count(uri)).isEqualTo(Data.KEYS);
            }
        }
        assertThatThrownBy(() -> page(uri)).isInstanceOf(ConnectException.class);
    }

    private static long count(String uri) throws Exception {
        try (Client client = EtcdKeys.connect(uri)) {
            return client.getKVClient()
                    .get(ByteSequence.EMPTY, ALL)
                    .get(1, TimeUnit.MINUTES)
                    .getCount();
        }
    }
}
