package io.matriarch.lab;

import java.util.List;

/** The consensus store of a lab's members. */
interface LabStore {
    /** The section of a member's file. */
    String section(LabMember member);

    /** The section of the tool's file. */
    String sectionOfTool();

    /** Where clients find the store; a member's own port if the members are the store. */
    int portFor(String member);

    /** Starts its servers, or starts them again on the data that they left. */
    void start() throws LabException;

    /** Its servers; none if the members are the store. */
    List<Process> servers();

    /** What it is, for people. */
    String title();
}
