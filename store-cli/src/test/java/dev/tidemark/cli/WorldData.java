package dev.tidemark.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.store.spi.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the data set of the demo from what the JDK knows: run it with the path of the resource to write. */
final class WorldData {
    private static final List<String> LANGUAGES = List.of("ar", "de", "es", "ja", "ru");
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");

    private WorldData() {}

    public static void main(String[] args) throws IOException {
        Files.write(Path.of(args[0]), lines());
    }

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        countries().forEach((key, value) -> lines.add(line("countries", key, value)));
        currencies().forEach((key, value) -> lines.add(line("currencies", key, value)));
        timezones().forEach((key, value) -> lines.add(line("timezones", key, value)));
        return lines;
    }

    private static String line(String kind, String key, ObjectNode value) {
        ObjectNode line = Json.object().put("kind", kind).put("key", key);
        return Json.line(line.set("value", value));
    }

    private static Map<String, ObjectNode> countries() {
        Map<String, ObjectNode> countries = new TreeMap<>(Names.ORDER);
        for (String code : Locale.getISOCountries()) {
            Locale country = new Locale("", code);
            ObjectNode value = Json.object()
                    .put("name", country.getDisplayCountry(Locale.ENGLISH))
                    .put("alpha3", country.getISO3Country());
            ObjectNode names = value.putObject("names");
            LANGUAGES.forEach(language -> names.put(language, country.getDisplayCountry(new Locale(language))));
            Currency currency = Currency.getInstance(country);
            if (currency != null) {
                value.put("currency", currency.getCurrencyCode());
            }
            ArrayNode languages = value.putArray("languages");
            languages(code).forEach(languages::add);
            countries.put(code, value);
        }
        return countries;
    }

    private static Set<String> languages(String country) {
        Set<String> languages = new TreeSet<>();
        Arrays.stream(Locale.getAvailableLocales())
                .filter(locale -> locale.getCountry().equals(country))
                .forEach(locale -> languages.add(locale.getLanguage()));
        return languages;
    }

    private static Map<String, ObjectNode> currencies() {
        Map<String, ObjectNode> currencies = new TreeMap<>(Names.ORDER);
        for (String country : Locale.getISOCountries()) {
            Currency currency = Currency.getInstance(new Locale("", country));
            if (currency != null) {
                currencies.computeIfAbsent(currency.getCurrencyCode(), code -> currency(currency));
            }
        }
        return currencies;
    }

    private static ObjectNode currency(Currency currency) {
        return Json.object()
                .put("name", currency.getDisplayName(Locale.ENGLISH))
                .put("numeric", currency.getNumericCode())
                .put("digits", currency.getDefaultFractionDigits())
                .put("symbol", currency.getSymbol(Locale.ENGLISH));
    }

    private static Map<String, ObjectNode> timezones() {
        Map<String, ObjectNode> timezones = new TreeMap<>(Names.ORDER);
        ZoneId.getAvailableZoneIds().stream()
                .filter(id ->
                        id.matches("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.*"))
                .sorted(Comparator.naturalOrder())
                .forEach(id -> timezones.put(id, timezone(ZoneId.of(id))));
        return timezones;
    }

    private static ObjectNode timezone(ZoneId zone) {
        ZoneRules rules = zone.getRules();
        return Json.object()
                .put("name", zone.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
                .put("offset", rules.getStandardOffset(DAY).getId().replace("Z", "+00:00"))
                .put("summerTime", rules.nextTransition(DAY) != null);
    }
}
