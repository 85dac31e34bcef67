print("ssrm")
