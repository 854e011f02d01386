/**
 * The store over JDBC. {@code SqlJobStore} is its table of contents and delegates to one class per
 * subject: {@code Enqueues}, {@code Exchanges}, {@code Endings}, {@code OperatorActions}, {@code
 * Promotions}, {@code Nodes}, {@code EventWriter}, {@code Reads}, {@code Health}. Statements are
 * complete SQL; a dialect provides those that differ.
 */
@NullMarked
package dev.holdfast.jdbc.store;

import org.jspecify.annotations.NullMarked;
