package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Schedule;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Configuration.Entry;
import dev.holdfast.config.Key;
import dev.holdfast.config.Keys;
import dev.holdfast.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the loader accepts the sample files. */
@Tag("R-46")
class SampleConfigurationTest {
  private static final String SAMPLE = "packaging/holdfast.yaml";

  /** The sample values of keys without a default. */
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("db", "/var/lib/holdfast/holdfast.db"),
          Map.entry("server.tls_keystore", "/etc/holdfast/server.p12"),
          Map.entry("server.public_url", "https://queue.example.com"),
          Map.entry("server.tls_password_file", "/etc/holdfast/server.password"),
          Map.entry("log.file", "/var/log/holdfast/holdfast.log"),
          Map.entry("schedules.NAME.type", "report"),
          Map.entry("schedules.NAME.cron", "\"30 2 * * MON-FRI\""),
          Map.entry("schedules.NAME.every", "1h"),
          Map.entry("schedules.NAME.payload", "{day: yesterday, sizes: [1, 2]}"),
          Map.entry("schedules.NAME.group", "acme"),
          Map.entry("schedules.NAME.max_attempts", "4"),
          Map.entry("schedules.NAME.timeout", "10m"),
          Map.entry("schedules.NAME.requires", "{gpu: true}"));

  /** The key that cannot be set together with another one. */
  private static final String INSTEAD = "schedules.NAME.every";

  @TempDir Path folder;

  private Configuration load(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Configuration.load(Map.of(), Optional.of(file.toString()), List.of());
  }

  @Test
  void the_sample_has_every_key_commented_out_at_its_default() {
    Path sample = Repository.file(SAMPLE);
    Generated.compare(sample, Files.exists(sample) ? Repository.read(sample) : "", sample());
  }

  @Test
  void the_sample_changes_nothing() throws IOException {
    Settings defaults = Configuration.load(Map.of(), Optional.empty(), List.of()).settings();

    assertThat(load("a.yaml", Repository.read(Repository.file(SAMPLE))).settings())
        .isEqualTo(defaults);
  }

  @Test
  void the_sample_says_what_holds_anyway_when_its_comments_are_taken_away() throws IOException {
    String text =
        Repository.read(Repository.file(SAMPLE))
            .replaceAll("(?m)^ +# every: .*", "")
            .replaceAll("(?m)^( *)# (?=[a-z_]+:|TYPE:)", "$1");

    Configuration all = load("a.yaml", text);

    Configuration none = Configuration.load(Map.of(), Optional.empty(), List.of());
    assertThat(all.settings().node()).isEqualTo(none.settings().node());
    assertThat(all.settings().type("TYPE")).isEqualTo(none.settings().anyType());
    assertThat(all.settings().log().level()).isEqualTo(none.settings().log().level());
    assertThat(all.entries())
        .extracting(Entry::key)
        .containsExactlyInAnyOrderElementsOf(Keys.all().stream().map(Key::name).toList());
    assertThat(all.settings().schedules()).extracting(Schedule::name).containsExactly("NAME");
    assertThat(all.entries())
        .as("every key was uncommented")
        .filteredOn(entry -> !entry.key().equals(INSTEAD))
        .allMatch(entry -> entry.origin().place().contains("a.yaml:"));
  }

  @Test
  void the_examples_of_the_reference_say_the_same_in_three_syntaxes() throws IOException {
    String reference = Repository.read(Repository.file("docs/reference/config.md"));
    Map<String, Settings> settings = new TreeMap<>();
    Matcher example =
        Pattern.compile("^```(yaml|toml|json)\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(reference);
    while (example.find()) {
      settings.put(example.group(1), load("b." + example.group(1), example.group(2)).settings());
    }

    assertThat(settings).containsOnlyKeys("yaml", "toml", "json");
    assertThat(settings.values()).allMatch(one -> settings.values().stream().allMatch(one::equals));
    assertThat(settings.values()).allMatch(one -> one.types().containsKey("mail.send"));
    assertThat(settings.values()).allMatch(one -> one.schedules().size() == 1);
  }

  private static String sample() {
    StringBuilder text = new StringBuilder();
    text.append(
            "# Settings of Holdfast, each commented out at its default. holdfast looks for this")
        .append(" file as\n# ~/.config/holdfast/holdfast.yaml; --config FILE and HOLDFAST_CONFIG")
        .append(" name another.\n# \"holdfast config check\" tells all mistakes, \"holdfast config")
        .append(" show\" what holds.\n");
    List<String> open = List.of();
    for (Key<?> key : Keys.all()) {
      List<String> path = List.of(key.name().split("\\.", -1));
      List<String> sections = path.subList(0, path.size() - 1);
      text.append('\n');
      for (int depth = common(open, sections); depth < sections.size(); depth++) {
        text.append("%s%s:\n".formatted(indent(depth), sections.get(depth)));
      }
      open = sections;
      String indent = indent(sections.size());
      text.append(comment(indent, key.description() + " Allowed: " + key.allowed() + "."));
      text.append(
          "%s# %s: %s\n"
              .formatted(
                  indent,
                  path.get(path.size() - 1),
                  key.defaultText().orElseGet(() -> EXAMPLES.getOrDefault(key.name(), ""))));
    }
    return text.toString();
  }

  private static int common(List<String> open, List<String> sections) {
    int depth = 0;
    while (depth < Math.min(open.size(), sections.size())
        && open.get(depth).equals(sections.get(depth))) {
      depth++;
    }
    return depth;
  }

  private static String indent(int depth) {
    return "  ".repeat(depth);
  }

  private static String comment(String indent, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (indent.length() + 3 + line.length() + word.length() > 100) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    StringBuilder comment = new StringBuilder();
    lines.forEach(each -> comment.append(indent).append("## ").append(each).append('\n'));
    return comment.toString();
  }
}
