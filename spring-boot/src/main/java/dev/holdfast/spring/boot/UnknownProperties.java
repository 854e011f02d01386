package dev.holdfast.spring.boot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Finds misspelt properties in the application's files. In the environment and among system
 * properties, names that begin with "holdfast" have other uses too.
 */
final class UnknownProperties {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("holdfast");
  private static final int WRONG_LETTERS_MAX = 3;

  private UnknownProperties() {}

  /** A sentence for each. */
  static List<String> in(Environment environment) {
    return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
        .filter(UnknownProperties::isApplications)
        .filter(IterableConfigurationPropertySource.class::isInstance)
        .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
        .filter(ROOT::isAncestorOf)
        .map(UnknownProperties::withoutIndex)
        .filter(name -> !isKnown(name))
        .map(ConfigurationPropertyName::toString)
        .distinct()
        .sorted()
        .map(name -> "unknown property " + name + guess(name))
        .toList();
  }

  private static boolean isApplications(ConfigurationPropertySource source) {
    return !(source.getUnderlyingSource() instanceof PropertySource<?> underlying
        && (underlying.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
            || underlying
                .getName()
                .equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)));
  }

  private static ConfigurationPropertyName withoutIndex(ConfigurationPropertyName name) {
    return name.isLastElementIndexed() ? name.getParent() : name;
  }

  private static boolean isKnown(ConfigurationPropertyName name) {
    return Arrays.stream(HoldfastProperty.values())
        .anyMatch(key -> ConfigurationPropertyName.of(key.property()).equals(name));
  }

  private static String guess(String name) {
    Optional<String> nearest =
        Arrays.stream(HoldfastProperty.values())
            .map(HoldfastProperty::property)
            .min(Comparator.comparingInt(known -> distance(known, name)));
    return nearest
        .filter(known -> distance(known, name) <= WRONG_LETTERS_MAX)
        .map(known -> "; did you mean " + known + "?")
        .orElse("");
  }

  /** The number of letters that must be changed, added or removed. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int same = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
