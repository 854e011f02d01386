/**
 * The store over JDBC. {@code SqlJobStore} is its table of contents and delegates to one class per
 * subject: {@code Enqueues}, {@code Exchanges}, {@code Endings}, {@code OperatorActions}, {@code
 * Promotions}, {@code Nodes}, {@code EventWriter}, {@code Health}. Statements are complete SQL; a
 * {@code Dialect} provides those that differ. Below it stand the search, the figures, the limits,
 * the tables of servers, what a dialect sees, and SQL itself.
 */
@NullMarked
package dev.holdfast.jdbc.store;

import org.jspecify.annotations.NullMarked;
