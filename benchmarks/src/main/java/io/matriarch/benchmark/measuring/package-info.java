/** What every measurement needs beside its own figures. */
package io.matriarch.benchmark.measuring;
