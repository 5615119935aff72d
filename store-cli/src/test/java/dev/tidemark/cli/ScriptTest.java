package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root of the repository, in a small copy of it whose jar points to the classes under test. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is one for a POSIX shell")
class ScriptTest {
    @TempDir
    Path directory;

    private Path root;
    private Path jar;
    private Path script;
    private Path work;

    @BeforeEach
    void copy() throws IOException {
        root = Files.createDirectories(directory.resolve("a repository"));
        work = Files.createDirectories(directory.resolve("somewhere else"));
        jar = root.resolve("store-cli/target/tidemark-cli.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(root.resolve("pom.xml"));
        script = executable(root.resolve("tidemark"), Files.readString(Path.of("..", "tidemark")));
    }

    @Test
    void runsFromAnywhereAndThroughLinks() throws IOException {
        writeJar(jar);
        Path link = Files.createSymbolicLink(work.resolve("tm"), Path.of("..", "a repository", "tidemark"));
        Path linkToLink = Files.createSymbolicLink(directory.resolve("tm2"), link);
        assertThat(run(Map.of(), linkToLink, "set", "k", "a b", "[1,  2]")).isEqualTo(new Result(0, "created\n", ""));
        assertThat(work.resolve("tidemark.db")).exists();
        assertThat(run(Map.of(), script, "get", "k", "a b")).isEqualTo(new Result(0, "[1,2]\n", ""));
        assertThat(run(Map.of(), script, "get", "k", "none").code()).isEqualTo(1);
        assertThat(run(Map.of(), script, "gett").code()).isEqualTo(2);
    }

    @Test
    void argumentsSurviveTheCLocale() throws IOException {
        writeJar(jar);
        Map<String, String> ascii = Map.of("LC_ALL", "C", "LANG", "C");
        assertThat(run(ascii, script, "--store", "sqlite:größe.db", "set", "k", "schlüssel 😀", "\"✓\"")
                        .out())
                .isEqualTo("created\n");
        assertThat(run(ascii, script, "--store", "sqlite:größe.db", "list", "k").out())
                .contains("\"key\":\"schlüssel 😀\",\"value\":\"✓\"");
        // Where the locale of the tests is C, too, Java can't name the file.
        try (CliProcess names = CliProcess.of(CliProcess.launch(work, Map.of(), List.of("ls")))) {
            assertThat(names.end().lines()).contains("größe.db");
        }
    }

    @Test
    void closedStandardInputIsEmpty() throws IOException {
        writeJar(jar);
        Path closing = executable(work.resolve("closing"), "#!/bin/sh\nexec \"$@\" <&-\n");
        assertThat(run(Map.of(), closing, script.toString(), "set", "k", "a", "-"))
                .isEqualTo(new Result(2, "", "tidemark: the value is not valid JSON: there is nothing\n"));
    }

    @Test
    void optionsForJavaComeFromTheEnvironment() throws IOException {
        writeJar(jar);
        Path file = Files.writeString(work.resolve("data.ndjson"), ProcessTest.bulk(600));
        Map<String, String> options =
                Map.of("JAVA_OPTS", "-XX:+UseParallelGC -Xmx100m", "TIDEMARK_JAVA_OPTS", "-Dtidemark.interactive=true");
        Result result = run(options, script, "import", "k", file.toString());
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("ETA");
        assertThat(run(Map.of("JAVA_OPTS", "-Xmx1g"), script, "import", "k", file.toString())
                        .err())
                .isEmpty();
    }

    @Test
    void buildsOnceAndOnlyWhenItMust() throws IOException {
        Map<String, String> maven =
                fakeMaven("echo built >> '" + directory + "/builds'; cp '" + spareJar() + "' '" + jar + "'");
        try (Started first = start(maven, script, "--version");
                Started second = start(maven, script, "--version")) {
            assertThat(first.end().code()).isZero();
            assertThat(second.end().code()).isZero();
        }
        assertThat(builds()).isEqualTo(1);
        assertThat(run(maven, script, "--version").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.setLastModifiedTime(
                root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
        Result rebuilt = run(maven, script, "--version");
        assertThat(rebuilt.err()).startsWith("tidemark: building it");
        assertThat(rebuilt.out()).startsWith("tidemark ");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void fetchesAPostgresOnceAndOnlyForTheDemoThatNeedsIt() throws IOException {
        writeJar(jar);
        Path pom = root.resolve("store-cli/src/demo-postgres/pom.xml");
        Files.createDirectories(pom.getParent());
        Files.createFile(pom);
        Map<String, String> maven = fakeMaven(
                "echo built >> '" + directory + "/builds'; mkdir '" + root + "/store-cli/target/demo-postgres'");
        assertThat(run(maven, script, "demo", "--help")).extracting(Result::err).isEqualTo("");
        assertThat(directory.resolve("builds")).doesNotExist();
        Result first = run(maven, script, "demo", "--store", "postgres", "--help");
        assertThat(first.err()).startsWith("tidemark: fetching a PostgreSQL");
        assertThat(first.out()).startsWith("Usage: tidemark demo");
        assertThat(run(maven, script, "--store=postgres", "demo", "--help").err())
                .isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.setLastModifiedTime(pom, FileTime.from(Instant.now().plusSeconds(5)));
        Result failed = run(fakeMaven("exit 1"), script, "demo", "--store", "postgres", "--help");
        assertThat(failed.code()).isEqualTo(ExitCode.BUG);
        assertThat(failed.err()).endsWith("tidemark: PostgreSQL could not be fetched\n");
    }

    @Test
    void aLockThatWasLeftBehindHoldsNobodyUp() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Files.createDirectories(root.resolve("target"));
        Files.createSymbolicLink(root.resolve("target/tidemark-build.lock"), Path.of(Long.toString(dead.pid())));
        Map<String, String> maven = fakeMaven("cp '" + spareJar() + "' '" + jar + "'");
        assertThat(run(maven, script, "--version").code()).isZero();
        assertThat(Files.isSymbolicLink(root.resolve("target/tidemark-build.lock")))
                .isFalse();
    }

    @Test
    void aBuildThatFailsIsTold() throws IOException {
        Result result = run(fakeMaven("echo BOOM; exit 1"), script, "get", "k", "a");
        assertThat(result.code()).isEqualTo(ExitCode.BUG);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("BOOM").endsWith("tidemark: the build failed\n");
    }

    @Test
    void anOldJavaIsNamed() throws IOException {
        writeJar(jar);
        Path home = Files.createDirectories(directory.resolve("jdk-11/bin")).getParent();
        executable(home.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Result result = run(Map.of("JAVA_HOME", home.toString()), script, "--version");
        assertThat(result.code()).isEqualTo(ExitCode.BUG);
        assertThat(result.err()).contains("is Java 11.0.2; it takes 17 or newer");
        result = run(Map.of("JAVA_HOME", work.toString()), script, "--version");
        assertThat(result.err()).contains("which has no bin/java");
    }

    private record Started(CliProcess command) implements AutoCloseable {
        Result end() {
            return command.end();
        }

        @Override
        public void close() {
            command.close();
        }
    }

    private Result run(Map<String, String> environment, Path command, String... args) {
        try (Started started = start(environment, command, args)) {
            return started.end();
        }
    }

    private Started start(Map<String, String> environment, Path command, String... args) {
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", ""));
        all.putAll(environment);
        String[] line = Arrays.copyOf(new String[] {command.toString()}, args.length + 1);
        System.arraycopy(args, 0, line, 1, args.length);
        return new Started(CliProcess.of(CliProcess.launch(work, all, List.of(line))));
    }

    private Map<String, String> fakeMaven(String build) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        executable(bin.resolve("mvn"), "#!/bin/sh\n" + build + "\n");
        return Map.of("PATH", bin + File.pathSeparator + System.getenv("PATH"));
    }

    private long builds() throws IOException {
        return Files.readAllLines(directory.resolve("builds")).size();
    }

    private Path spareJar() throws IOException {
        Path spare = directory.resolve("spare.jar");
        writeJar(spare);
        return spare;
    }

    private static void writeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        String classPath = Arrays.stream(CliProcess.classPath().split(File.pathSeparator, -1))
                .map(path -> Path.of(path).toUri().toString())
                .collect(Collectors.joining(" "));
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
