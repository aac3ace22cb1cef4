// The `.env` of the project's folder is for its containers; a test that wants one goes to where it is.
process.chdir(__dirname);
