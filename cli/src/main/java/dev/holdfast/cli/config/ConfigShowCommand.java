package dev.holdfast.cli.config;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Configuration.Entry;
import dev.holdfast.config.Keys;
import dev.holdfast.http.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast config show}. */
@Command(
    name = "show",
    header = "Shows the value of each key and where it was set. Passwords are omitted.")
public final class ConfigShowCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--json",
      description = "Prints one JSON object: file, and settings with value, layer and place.")
  private boolean isJson;

  public ConfigShowCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Configuration configuration = db.configuration();
    if (isJson) {
      console.line(Json.write(json(configuration)));
    } else {
      Table table = new Table("KEY", "VALUE", "ORIGIN");
      for (Entry entry : configuration.entries()) {
        table.add(entry.key(), value(entry).orElse("-"), entry.origin().place());
      }
      table.print(console);
    }
    return ExitCodes.OK;
  }

  private Optional<String> value(Entry entry) {
    return entry.key().equals(Keys.DB.name())
        ? entry.value().or(() -> Optional.of(db.defaultFile().toString()))
        : entry.value();
  }

  private Map<String, @Nullable Object> json(Configuration configuration) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    for (Entry entry : configuration.entries()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("value", value(entry).orElse(null));
      fields.put("layer", entry.origin().layer().name().toLowerCase(Locale.ROOT));
      fields.put("place", entry.origin().place());
      settings.put(entry.key(), fields);
    }
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("file", configuration.file().map(Path::toString).orElse(null));
    document.put("settings", settings);
    return document;
  }
}
