-- What a load tool sends: the password is `wrk`, see BENCHMARKS.md.
wrk.method = "POST"
wrk.headers["Authorization"] = "Basic YWRtaW46d3Jr"
wrk.body = '{"method":"ListVolumes","id":1}'
