package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.harness.Profile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/**
 * What the command line asks for.
 *
 * @param profile how long to take
 * @param only which benches to run, by a part of their names
 * @param isComplete whether these are all
 * @param root the directory that holds {@code benchmarks} and {@code docs}
 */
record Options(Profile profile, Pattern only, boolean isComplete, Path root) {
    static final String USAGE = "usage: benchmarks/run [quick|full|smoke] [--only REGEX]";

    /** Reads the arguments; an exception's message says what is wrong with them. */
    static Options parse(List<String> arguments, Path root) {
        Profile profile = Profile.QUICK;
        String only = "";
        Iterator<String> rest = arguments.iterator();
        try {
            while (rest.hasNext()) {
                String argument = rest.next();
                if (argument.equals("--only")) {
                    only = rest.next();
                } else {
                    profile = Profile.named(argument);
                }
            }
        } catch (NoSuchElementException missing) {
            throw new IllegalArgumentException("--only needs a regular expression", missing);
        }
        return new Options(profile, Pattern.compile(only), only.isEmpty(), root);
    }

    /** Whether the documentation is to show the figures: not those of a part, nor of a run that judged nothing. */
    boolean isPublished() {
        return isComplete && profile.isPractised();
    }
}
