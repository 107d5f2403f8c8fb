//! Every cap on what a document may ask of the machine, in one place, each with its reason.
