package dev.tidemark.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param facts what it is, by name
 */
public record Machine(Map<String, String> facts) {

    /** This machine, whose data is in {@code directory}, with the settings of the databases. */
    public static Machine describe(
            Path directory, Map<String, String> postgres, Map<String, String> sqlite, Map<String, String> etcd)
            throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("measured at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("processor", processor() + " × " + Runtime.getRuntime().availableProcessors());
        facts.put("memory", memory());
        facts.put("load at the end", load());
        facts.put("OS", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        facts.put("JDK", property("java.vendor") + " " + property("java.vm.version"));
        facts.put("file system", Files.getFileStore(directory).type());
        facts.put("PostgreSQL", settings(postgres));
        facts.put("SQLite", settings(sqlite));
        facts.put("etcd", settings(etcd));
        return new Machine(facts);
    }

    private static String settings(Map<String, String> settings) {
        return settings.isEmpty()
                ? "not used"
                : settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor");
        } catch (IOException notThere) {
            return property("os.arch");
        }
    }

    private static String memory() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            return String.format(Locale.ROOT, "%.1f GB", system.getTotalMemorySize() / 1e9);
        }
        return "unknown";
    }

    private static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
