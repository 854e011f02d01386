package dev.holdfast.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression of Prometheus, understood as far as it names metrics and labels. There is no parser
 * of PromQL for Java that others rely on; what the rules and the dashboard use is little.
 *
 * @param selectors the metrics, in the order in which they are named
 * @param labels the labels by which results are grouped or matched
 */
record PromQl(List<Selector> selectors, Set<String> labels) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<string>\"[^\"]*\")|(?<number>\\d+(?:\\.\\d+)?(?:ms|[smhdwy])?)"
              + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<sign>=~|!~|!=|==|<=|>=|[-+*/%^<>=(){}\\[\\],]))");
  private static final Set<String> WORDS = Set.of("or", "and", "unless", "bool", "offset");
  private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring");
  private static final Set<String> FUNCTIONS =
      Set.of("sum", "max", "min", "rate", "increase", "delta", "histogram_quantile");

  /**
   * A metric with the labels by which it is selected.
   *
   * @param matchers the text that each label is compared with
   */
  record Selector(String metric, Map<String, String> matchers) {}

  /**
   * Parses an expression.
   *
   * @throws IllegalArgumentException if it is none, or uses a function that nobody has looked at
   */
  static PromQl parse(String expression) {
    return new Parser(expression).parse();
  }

  private static final class Parser {
    private final String expression;
    private final List<String> tokens = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();
    private final Set<String> labels = new TreeSet<>();
    private int next;

    Parser(String expression) {
      this.expression = expression;
      Matcher token = TOKEN.matcher(expression.strip());
      int end = 0;
      while (token.find() && token.start() == end) {
        tokens.add(token.group().strip());
        end = token.end();
      }
      check(end == expression.strip().length(), "it has a sign that is unknown here");
    }

    private void check(boolean isSo, String otherwise) {
      if (!isSo) {
        throw new IllegalArgumentException(otherwise + ": " + expression);
      }
    }

    private String peek() {
      return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
      check(next < tokens.size(), "it ends too early");
      return tokens.get(next++);
    }

    private void expect(String token) {
      String found = take();
      check(found.equals(token), "'%s' instead of '%s'".formatted(found, token));
    }

    private static boolean isName(String token) {
      return token.matches("[a-zA-Z_:].*");
    }

    PromQl parse() {
      List<String> open = new ArrayList<>();
      while (next < tokens.size()) {
        String token = take();
        if (isName(token)) {
          name(token);
        } else if ("([".contains(token)) {
          open.add(token.equals("(") ? ")" : "]");
        } else if (")]".contains(token)) {
          check(!open.isEmpty() && open.remove(open.size() - 1).equals(token), "brackets");
        }
      }
      check(open.isEmpty(), "a bracket is not closed");
      check(!selectors.isEmpty(), "it names no metric");
      return new PromQl(List.copyOf(selectors), Set.copyOf(labels));
    }

    private void name(String token) {
      if (GROUPINGS.contains(token)) {
        group();
      } else if (WORDS.contains(token)) {
        check(next < tokens.size(), "it ends with " + token);
      } else if (peek().equals("(") || GROUPINGS.contains(peek())) {
        check(FUNCTIONS.contains(token), "unknown function " + token);
      } else {
        selectors.add(new Selector(token, matchers()));
      }
    }

    private void group() {
      expect("(");
      do {
        labels.add(take());
      } while (hasMore());
      expect(")");
    }

    private Map<String, String> matchers() {
      Map<String, String> matchers = new LinkedHashMap<>();
      if (peek().equals("{")) {
        take();
        do {
          String label = take();
          check(take().matches("=~|!~|!=|="), "no comparison of label " + label);
          String text = take();
          check(text.startsWith("\""), "label %s is compared with %s".formatted(label, text));
          matchers.put(label, text.substring(1, text.length() - 1));
        } while (hasMore());
        expect("}");
      }
      return matchers;
    }

    private boolean hasMore() {
      boolean hasMore = peek().equals(",");
      if (hasMore) {
        take();
      }
      return hasMore;
    }
  }
}
