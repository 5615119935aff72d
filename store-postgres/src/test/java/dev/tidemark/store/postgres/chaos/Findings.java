package dev.tidemark.store.postgres.chaos;

import java.util.ArrayList;
import java.util.List;

/** What is wrong; the first few of it in words. */
final class Findings {
    private static final int MOST = 25;

    private final List<String> problems = new ArrayList<>();
    private int count;

    void add(String rule, Object... about) {
        count++;
        if (problems.size() < MOST) {
            StringBuilder text = new StringBuilder(rule);
            for (Object object : about) {
                text.append("\n    ").append(object);
            }
            problems.add(text.toString());
        }
    }

    void addAll(Findings others) {
        count += others.count;
        problems.addAll(others.problems.subList(
                0, Math.min(others.problems.size(), MOST - Math.min(MOST, problems.size()))));
    }

    boolean isEmpty() {
        return count == 0;
    }

    List<String> problems() {
        return problems;
    }

    @Override
    public String toString() {
        return count + " problems:\n" + String.join("\n", problems);
    }
}
